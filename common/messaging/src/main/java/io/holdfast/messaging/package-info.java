package io.holdfast.messaging;
