package io.holdfast.listing;
