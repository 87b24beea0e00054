package io.holdfast.snapshot.circleb;

import io.holdfast.snapshot.circlea.CircleA;

/** Planted: breaks a rule on purpose. */
public class CircleB {
    Class<?> next() {
        return CircleA.class;
    }
}
