package io.holdfast.http;
