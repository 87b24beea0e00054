/** What restores ask of other services, over internal REST. */
@NullMarked
package io.holdfast.restore.requests.remote;

import org.jspecify.annotations.NullMarked;
