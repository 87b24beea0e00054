package io.holdfast.snapshot;
