package io.holdfast.snapshot.planted.storage;

import io.holdfast.snapshot.planted.events.PlantedListener;
import io.holdfast.snapshot.planted.rest.PlantedResource;
import java.util.List;

/** Planted: breaks a rule on purpose. */
public class PlantedEntity {
    List<Class<?>> others() {
        return List.of(PlantedResource.class, PlantedListener.class);
    }
}
