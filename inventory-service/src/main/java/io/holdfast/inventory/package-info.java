package io.holdfast.inventory;
