/** The HTTP resources of inter-deployment dependencies: parse, ask, answer. No rules and no SQL here. */
@NullMarked
package io.holdfast.inventory.dependencies.rest;

import org.jspecify.annotations.NullMarked;
