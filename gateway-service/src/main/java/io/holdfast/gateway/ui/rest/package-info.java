/** The Web UI's files over HTTP. */
@NullMarked
package io.holdfast.gateway.ui.rest;

import org.jspecify.annotations.NullMarked;
