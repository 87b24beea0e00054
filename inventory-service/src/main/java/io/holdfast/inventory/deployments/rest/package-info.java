/** The HTTP resources of deployments: parse, ask, answer. No rules and no SQL here. */
@NullMarked
package io.holdfast.inventory.deployments.rest;

import org.jspecify.annotations.NullMarked;
