package io.holdfast.gateway;
