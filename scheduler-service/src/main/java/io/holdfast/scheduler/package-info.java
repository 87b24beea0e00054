package io.holdfast.scheduler;
