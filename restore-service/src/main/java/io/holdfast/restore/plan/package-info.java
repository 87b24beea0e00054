/** What a restore would meet and replace in the live manager. Must not know how a restore is done. */
@NullMarked
package io.holdfast.restore.plan;

import org.jspecify.annotations.NullMarked;
