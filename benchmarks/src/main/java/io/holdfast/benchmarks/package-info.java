package io.holdfast.benchmarks;
