/** Log bundles over HTTP. Holds no rules. */
@NullMarked
package io.holdfast.snapshot.bundles.rest;

import org.jspecify.annotations.NullMarked;
