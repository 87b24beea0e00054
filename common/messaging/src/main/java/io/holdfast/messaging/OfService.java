package io.holdfast.messaging;

import jakarta.enterprise.util.Nonbinding;
import jakarta.inject.Qualifier;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Tells one service's {@link Outbox} or {@link ParkedMessages} from the others' where several services share one JVM. */
@Qualifier
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.PARAMETER, ElementType.METHOD, ElementType.FIELD, ElementType.TYPE})
public @interface OfService {

    /** The service's short name, as in its {@link ServiceSchema}. */
    @Nonbinding
    String value() default "";
}
