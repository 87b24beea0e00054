/** Reads request bodies with the existing API's rules and messages. Knows no single resource. */
@NullMarked
package io.holdfast.inventory.resources.rest;

import org.jspecify.annotations.NullMarked;
