package io.holdfast.restore;
