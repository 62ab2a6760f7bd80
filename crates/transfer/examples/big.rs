use std::time::Instant;
use transfer::*;
#[tokio::main]
async fn main() {
    let args: Vec<String> = std::env::args().collect();
    let path = std::path::Path::new(&args[1]);
    let t = Instant::now();
    let Survey { schema, profiles } = Survey::of(path, 2, &Progress::to_nobody()).unwrap();
    println!("profile {:?}", t.elapsed());
    let plan = Plan::lossless(&schema, &profiles, "public");
    let target = Target::new(args[2].parse().unwrap(), "target");
    let t = Instant::now();
    let run = Run::new(path, plan, target, 2).unwrap();
    let begun = Instant::now();
    let moved = run
        .run(
            Existing::Drop,
            &Progress::to(move |e| {
                if let Event::Ended(w) = e {
                    println!("{:.2} {w}", begun.elapsed().as_secs_f64())
                }
            }),
        )
        .await
        .unwrap();
    println!("run {:?} {:?}", t.elapsed(), moved.troubles);
    let t = Instant::now();
    let plan = Plan::lossless(&schema, &profiles, "public");
    let target = Target::new(args[2].parse().unwrap(), "target");
    let report = Verify::new(path, plan, target).unwrap().verify(&Progress::to_nobody()).await.unwrap();
    println!("verify {:?} {:?}", t.elapsed(), report.outcome());
    for t in &report.tables {
        println!("{} {:?} {:?}", t.name, t.rows, t.differences.iter().take(3).collect::<Vec<_>>());
    }
}
