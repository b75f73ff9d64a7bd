"""What is learnt of somebody new: what may be asked, how big the job is, when a consultant takes over."""
