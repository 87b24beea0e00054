/** Uploads and downloads over HTTP, with ranges. Never looks at an upload's content type. */
@NullMarked
package io.holdfast.snapshot.transfer.rest;

import org.jspecify.annotations.NullMarked;
