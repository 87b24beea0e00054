/** When restores are tended: at startup, at a request, and now and then. */
@NullMarked
package io.holdfast.restore.requests.jobs;

import org.jspecify.annotations.NullMarked;
