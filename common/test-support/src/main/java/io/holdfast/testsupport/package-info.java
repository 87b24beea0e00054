package io.holdfast.testsupport;
