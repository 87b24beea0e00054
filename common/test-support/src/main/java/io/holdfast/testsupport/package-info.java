/**
 * What tests share: private PostgreSQL servers and brokers, the genuine archives, the architecture rules. It must not know any service,
 * and main code must not know it.
 */
@NullMarked
package io.holdfast.testsupport;

import org.jspecify.annotations.NullMarked;
