/** The HTTP resources of nodes and node instances: parse, ask, answer. No rules and no SQL here. */
@NullMarked
package io.holdfast.inventory.nodes.rest;

import org.jspecify.annotations.NullMarked;
