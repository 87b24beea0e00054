package io.holdfast.snapshot.planted.rest;

import io.holdfast.snapshot.planted.events.PlantedListener;
import io.holdfast.snapshot.planted.storage.PlantedEntity;
import jakarta.transaction.Transactional;
import java.util.List;

/** Planted: breaks a rule on purpose. */
public class PlantedResource {
    @Transactional
    void write() {}

    List<Class<?>> others() {
        return List.of(PlantedListener.class, PlantedEntity.class);
    }
}
