/** Restores over REST: the manager API's two resources, and our own. */
@NullMarked
package io.holdfast.restore.requests.rest;

import org.jspecify.annotations.NullMarked;
