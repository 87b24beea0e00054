package io.holdfast.snapshot.planted;

import io.holdfast.snapshot.planted.app.NosyUseCase;

/** Planted: breaks a rule on purpose. */
public class ImpureDomain {
    NosyUseCase useCase = new NosyUseCase();
}
