/** What can be done with restores: ask, run, recover, look. Each change of a record is a transaction of its own. */
@NullMarked
package io.holdfast.restore.requests.app;

import org.jspecify.annotations.NullMarked;
