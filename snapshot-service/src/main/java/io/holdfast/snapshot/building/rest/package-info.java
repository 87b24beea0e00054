/** Requests for builds over HTTP: lenient reading, exact refusals. */
@NullMarked
package io.holdfast.snapshot.building.rest;

import org.jspecify.annotations.NullMarked;
