/** The HTTP resources of blueprints: parse, ask, answer. No rules and no SQL here. */
@NullMarked
package io.holdfast.inventory.blueprints.rest;

import org.jspecify.annotations.NullMarked;
