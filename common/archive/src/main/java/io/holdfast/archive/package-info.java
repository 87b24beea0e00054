package io.holdfast.archive;
