/** The HTTP resources of deployment groups: parse, ask, answer. No rules and no SQL here. */
@NullMarked
package io.holdfast.inventory.groups.rest;

import org.jspecify.annotations.NullMarked;
