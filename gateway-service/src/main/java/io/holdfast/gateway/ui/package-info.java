/** The Web UI's files: which request is for which of them. What the pages show and do, they ask of the public API. */
@NullMarked
package io.holdfast.gateway.ui;

import org.jspecify.annotations.NullMarked;
