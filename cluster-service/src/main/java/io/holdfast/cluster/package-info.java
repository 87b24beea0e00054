package io.holdfast.cluster;
