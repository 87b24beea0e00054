package io.holdfast.snapshot.planted.app;

import io.holdfast.snapshot.planted.rest.PlantedResource;

/** Planted: breaks a rule on purpose. */
public class NosyUseCase {
    Class<?> adapter() {
        return PlantedResource.class;
    }
}
