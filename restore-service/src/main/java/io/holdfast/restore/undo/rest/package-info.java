/** The way back over REST. */
@NullMarked
package io.holdfast.restore.undo.rest;

import org.jspecify.annotations.NullMarked;
