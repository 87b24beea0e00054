/** The HTTP resources of deployment updates and plugins updates: parse, ask, answer. No rules and no SQL here. */
@NullMarked
package io.holdfast.inventory.updates.rest;

import org.jspecify.annotations.NullMarked;
