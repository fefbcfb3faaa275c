import kafka.Kafka;
import kafka.tools.StorageTool;

/**
 * Formats the storage folder unless that is done, then runs the broker, in one Java process instead of two.
 *
 * <p>Arguments: server.properties, cluster id. SIGTERM closes the broker in order.
 */
public final class KafkaLauncher {
    private KafkaLauncher() {}

    public static void main(String[] args) {
        String[] format = {"format", "--ignore-formatted", "--cluster-id", args[1], "--config", args[0]};
        int failed = StorageTool.execute(format, System.out);
        if (failed != 0) {
            System.exit(failed);
        }
        Kafka.main(new String[] {args[0]});
    }
}
