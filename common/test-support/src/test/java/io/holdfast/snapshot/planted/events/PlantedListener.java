package io.holdfast.snapshot.planted.events;

import io.holdfast.snapshot.planted.rest.PlantedResource;
import io.holdfast.snapshot.planted.storage.PlantedEntity;
import java.util.List;

/** Planted: breaks a rule on purpose. */
public class PlantedListener {
    List<Class<?>> others() {
        return List.of(PlantedResource.class, PlantedEntity.class);
    }
}
