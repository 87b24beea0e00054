package io.holdfast.http.planted;

import io.holdfast.snapshot.planted.ImpureDomain;

/** Planted: breaks a rule on purpose. */
public class KnowingCommon {
    ImpureDomain service = new ImpureDomain();
}
