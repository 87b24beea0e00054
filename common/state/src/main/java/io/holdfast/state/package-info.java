package io.holdfast.state;
