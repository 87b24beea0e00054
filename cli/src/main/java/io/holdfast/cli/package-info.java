package io.holdfast.cli;
