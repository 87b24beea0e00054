/** The HTTP resources of keys and values of labels: parse, ask, answer. No rules and no SQL here. */
@NullMarked
package io.holdfast.inventory.labels.rest;

import org.jspecify.annotations.NullMarked;
