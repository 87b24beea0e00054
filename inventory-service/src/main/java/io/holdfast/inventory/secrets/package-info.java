/** How a secret leaves a manager under a passphrase. Plain Java. */
@NullMarked
package io.holdfast.inventory.secrets;

import org.jspecify.annotations.NullMarked;
