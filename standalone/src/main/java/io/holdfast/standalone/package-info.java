package io.holdfast.standalone;
