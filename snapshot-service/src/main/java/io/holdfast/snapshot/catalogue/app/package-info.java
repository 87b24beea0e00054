/** Use cases on the catalogue: mark and delete. Builds and uploads are cases of their own features. */
@NullMarked
package io.holdfast.snapshot.catalogue.app;

import org.jspecify.annotations.NullMarked;
