package io.holdfast.messaging;

import io.quarkus.arc.Arc;
import io.quarkus.arc.ManagedContext;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;

/** The container's transactions, with a request context around them, as an HTTP request would have. */
@ApplicationScoped
class JtaTransactions implements Transactions {

    @Override
    public void inNew(Runnable work) {
        ManagedContext request = Arc.container().requestContext();
        boolean ours = !request.isActive();
        if (ours) {
            request.activate();
        }
        try {
            QuarkusTransaction.requiringNew().run(work);
        } finally {
            if (ours) {
                request.terminate();
            }
        }
    }
}
