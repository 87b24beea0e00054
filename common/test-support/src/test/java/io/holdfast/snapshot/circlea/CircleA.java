package io.holdfast.snapshot.circlea;

import io.holdfast.snapshot.circleb.CircleB;

/** Planted: breaks a rule on purpose. */
public class CircleA {
    Class<?> next() {
        return CircleB.class;
    }
}
