package io.holdfast.contracts.planted;

import jakarta.persistence.Entity;

/** Planted: breaks a rule on purpose. */
public class HeavyContract {
    Class<?> framework() {
        return Entity.class;
    }
}
