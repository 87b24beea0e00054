package io.holdfast.scheduler.reading.app;

/** Files that keep events and logs which are deleted from the database. */
public interface KeptEvents {

    /** A new file for what is deleted of a deployment. @throws io.holdfast.contracts.errors.ManagerException where it cannot be written */
    KeptFile begin(String tenantName, String deploymentId);

    /** One file in the making. Not for several threads. */
    interface KeptFile extends AutoCloseable {

        /** @param json one event or log */
        void add(String json);

        /** Makes it durable and gives it its name; without this nothing stays of it. Without any line there is no file. */
        void complete();

        @Override
        void close();
    }
}
