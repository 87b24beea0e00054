/** What the file server reads and changes: ports and use cases. Knows neither HTTP nor SQL. */
@NullMarked
package io.holdfast.inventory.files.app;

import org.jspecify.annotations.NullMarked;
