package io.holdfast.restore.planted;

import io.holdfast.snapshot.planted.ImpureDomain;

/** Planted: breaks a rule on purpose. */
public class NosyNeighbour {
    ImpureDomain other = new ImpureDomain();
}
